"""Sheets with one mistake each."""

from seqmill.plan.sheets import read_sheet

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sample", "truth"],
    "properties": {
        "sample": {"type": "string", "pattern": "^[a-z]+$"},
        "truth": {"type": "string"},
        "consent": {"type": "string"},
    },
    "x-filled": ["sample"],
}


def test_rows_by_line_with_empty_cells_left_out(sheet):
    path = sheet(["sample", "truth", "consent"], ["ada", "a.vcf", ""], [], ["# note"], ["bo"])
    rows, problems = read_sheet(path, SCHEMA)
    assert rows == {2: {"sample": "ada", "truth": "a.vcf"}, 5: {"sample": "bo"}}
    assert problems == []


def test_windows_line_ends_and_blanks_around_cells_do_no_harm(tmp_path):
    path = tmp_path / "sheet.tsv"
    path.write_bytes(b"sample\ttruth\r\nada\t a.vcf \r\n")
    assert read_sheet(path, SCHEMA) == ({2: {"sample": "ada", "truth": "a.vcf"}}, [])


def test_missing_file(tmp_path):
    path = tmp_path / "none.tsv"
    assert read_sheet(path, SCHEMA) == ({}, [f"{path}: no such file"])


def test_empty_sheet(sheet):
    path = sheet()
    assert read_sheet(path, SCHEMA)[1] == [f"{path}: the sheet is empty, wanted the columns sample, truth"]


def test_header_without_rows(sheet):
    path = sheet(["sample", "truth"])
    assert read_sheet(path, SCHEMA)[1] == [f"{path}: the sheet has no rows below its header"]


def test_duplicate_missing_and_unknown_columns_at_once(sheet):
    path = sheet(["sample", "sample", "trut"], ["ada", "ada", "a.vcf"])
    assert read_sheet(path, SCHEMA) == (
        {},
        [
            f"{path}: column 'sample' is there twice",
            f"{path}: unknown column 'trut' (did you mean 'truth'?), wanted one of: sample, truth, consent",
            f"{path}: column 'truth' is missing",
        ],
    )


def test_cells_are_checked_by_line(sheet):
    path = sheet(["sample", "truth"], ["", "a.vcf"], ["A b", ""], ["ada", "a.vcf", "too", "many"])
    assert read_sheet(path, SCHEMA)[1] == [
        f"{path}, line 2: column 'sample' is empty",
        f"{path}, line 3: sample: found 'A b', wanted text matching ^[a-z]+$",
        f"{path}, line 4: 4 cells, wanted 2",
    ]
