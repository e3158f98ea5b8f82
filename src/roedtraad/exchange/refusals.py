"""Why a file is not read."""


class FileRefused(ValueError):
    """The file cannot be read as one of ours; the message is a Danish sentence."""
