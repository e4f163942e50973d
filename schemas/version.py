"""The version, in the one place that packaging, tables and the command line read it from."""

# MAJOR.MINOR.PATCH. Written into `pipeline_version` of every article: raise it when rows would come out differently.
VERSION = "0.1.0"
