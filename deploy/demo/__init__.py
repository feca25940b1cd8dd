"""Two councils to try things out with. They are real places; every answer, entry and story in them is made up."""

from deploy.demo.filling import ensure

__all__ = ["ensure"]
