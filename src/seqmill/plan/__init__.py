"""What the workflow was asked to do: config and sheets, checked against each other before any compute."""
