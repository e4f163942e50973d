"""Unavailable: what is raised where no language model can be used, apart so that naming it does not load spaCy."""


class ModelUnavailable(ValueError):
    """No fit language model can be loaded; the message is one sentence that says what to do."""
