"""All tasks by name."""

from __future__ import annotations

from vendors.text_model.tasks.agent import AGENT
from vendors.text_model.tasks.ideas import IDEAS
from vendors.text_model.tasks.rewriting import BEAT, POST
from vendors.text_model.tasks.screenplay import CHARACTERS, SCREENPLAY
from vendors.text_model.tasks.script import SCRIPT
from vendors.text_model.tasks.task import Task

TASKS: dict[str, Task] = {task.name: task for task in (IDEAS, SCRIPT, BEAT, POST, AGENT, SCREENPLAY, CHARACTERS)}
