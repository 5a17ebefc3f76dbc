"""The pages of cooperation, a module for each subject; they ask the queries and call the commands of the room."""

from openmpca.cooperation.pages import projects, saying

__all__ = ["projects", "saying"]
