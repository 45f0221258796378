include: "workflow/Snakefile"


# An include alone has no default target.
rule default:
    default_target: True
    input:
        rules.all.input,
