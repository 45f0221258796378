"""Runs ``seqmill train`` on the toy many times out of one process that has all imported, and kills it.

Reads orders from stdin and answers on stdout, one JSON object a line. For each attempt a child is forked that
runs the command line as a process of its own would; while it works it tells its phase through a pipe. It is
killed from outside, a chosen time after the nth entry into a phase, wherever it then is.

Phases: ``startup``, ``train`` (a batch), ``validation`` (a batch), ``save`` (a state or the best weights),
``output`` (from the first declared output to the end).
"""

import errno
import importlib
import json
import os
import select
import shutil
import sys
import threading
import time
from pathlib import Path

PHASES = ("startup", "train", "validation", "save", "output")


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    import toy

    toy.warm_up()
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(DO[order.pop("do")](**order)), flush=True)


def warm(modules):
    """Import what a child had imported in the end."""
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:  # a module that only works where it was imported is left to the children
            continue
    return {"threads": threading.active_count()}


def attempt(args, log, phase="", nth=1, delay=0.0, number=0, full="", limit=0.0, modules=""):
    """Train once, and kill it: with signal `number`, a full disk in phase `full`, or at a time limit (s)."""
    phases, told = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(phases)
        if limit:
            args = [*args, "--time-limit", str(limit / 60)]
        _child(args, log, told, full, nth, modules)
    os.close(told)
    left, entered, last, struck = nth, {}, "", ""
    while content := os.read(phases, 1):
        last = PHASES[content[0]]
        entered.setdefault(last, time.monotonic() - began)
        left -= last == phase
        if number and not left and not struck:
            time.sleep(delay)
            for byte in _read_at_once(phases):
                last = PHASES[byte]
            os.kill(child, number)
            struck = last
    os.close(phases)
    _, status = os.waitpid(child, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "phase": struck or last,
        "entered": entered,
        "seconds": time.monotonic() - began,
    }


def _read_at_once(pipe):
    """Give what a pipe holds, without waiting."""
    return os.read(pipe, 10_000) if select.select([pipe], [], [], 0)[0] else b""


def tidy(store, state):
    """Set abandoned runs killed."""
    child = os.fork()
    if child == 0:
        from seqmill.tracking.run import end_abandoned
        from seqmill.training.state import idle_runs

        end_abandoned(store, idle_runs(Path(state)))
        os._exit(0)
    return {"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}


def mount(folder, kilobytes):
    """Put a small disk at a folder (in a mount namespace of our own)."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    return {"code": os.system(f"mount -t tmpfs -o size={kilobytes}k none '{folder}'")}


def fill(folder, left):
    """Fill the disk at a folder but for `left` bytes; below 0 empties it again."""
    filler = Path(folder) / "filler"
    filler.unlink(missing_ok=True)
    if left >= 0:
        filler.write_bytes(bytes(shutil.disk_usage(folder).free - left))
    return {}


def sizes(folder):
    """Give name and size of each file in a folder."""
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    return {"sizes": [(path.name, path.stat().st_size) for path in files]}


DO = {"warm": warm, "attempt": attempt, "tidy": tidy, "mount": mount, "fill": fill, "sizes": sizes}


def _child(args, log, told, full, nth, modules):
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    from seqmill.cli import main
    from seqmill.cli import train as command

    code = 1
    leave = os._exit

    def left(status):
        if modules:
            Path(modules).write_text(json.dumps(sorted(sys.modules)))
        leave(status)

    command.os = type("Leaving", (), {"_exit": staticmethod(left)})
    try:
        _tell(told, full, nth)
        sys.argv = ["seqmill", "train", *args]
        main.main()
    except SystemExit as error:
        code = error.code
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        leave(code)


def _tell(told, full, nth):
    """Tell each phase that is entered, and let the disk be full in one."""
    import toy

    from seqmill.tracking import run
    from seqmill.training import checkpoint, keeper, reporter, saving, train

    reporter.EVERY_STEPS = 5
    keeper.SAVE_EVERY_S = 0.02
    run.EVERY_S = 0.02
    count = dict.fromkeys(PHASES, 0)
    current = ["startup"]

    def enter(phase):
        current[0] = phase
        count[phase] += 1
        os.write(told, bytes([PHASES.index(phase)]))

    def telling(work, phase):
        def told_work(*args, **kwargs):
            before = current[0]
            enter(phase)
            result = work(*args, **kwargs)
            if phase == "save":
                current[0] = before
                os.write(told, bytes([PHASES.index(before)]))
            return result

        return told_work

    def is_full(phase):
        return phase == full and current[0] == phase and count[phase] == nth

    class Disk:
        """A file on a disk that has space for half of what is written."""

        def __init__(self, handle):
            self._handle = handle

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._handle.close()

        def __getattr__(self, name):
            return getattr(self._handle, name)

        def write(self, content):
            if is_full("save"):
                self._handle.write(content[: len(content) // 2])
                self._handle.flush()
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return self._handle.write(content)

    def copyfile(source, target):
        if is_full("output"):
            Path(target).write_bytes(Path(source).read_bytes()[:100])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        return shutil.copyfile(source, target)

    toy.ToyTask.training_step = telling(toy.ToyTask.training_step, "train")
    toy.ToyTask.validation_step = telling(toy.ToyTask.validation_step, "validation")
    train._write_outputs = telling(train._write_outputs, "output")
    train.shutil = type("Shutil", (), {"copyfile": staticmethod(copyfile)})
    saving.open = lambda *given, **named: Disk(open(*given, **named))
    saving.save_whole = checkpoint.save_whole = telling(saving.save_whole, "save")
    enter("startup")


if __name__ == "__main__":
    main()
