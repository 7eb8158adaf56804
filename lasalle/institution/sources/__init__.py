"""Where evidence is fetched: files, packages and publishers, behind one interface."""

from lasalle.institution.sources.files import FileSource, file_sources, plain_file

__all__ = ["FileSource", "file_sources", "plain_file"]
