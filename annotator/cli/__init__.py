"""The command line: click commands over the use cases of `workflow`."""
