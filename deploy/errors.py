"""What goes wrong in a way that the operator can do something about."""


class DeployError(Exception):
    """One clear sentence on what is wrong, and what to do about it."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy
