"""What the suite asks of a language model: each task with its prompt, and how its answer is read."""

from vendors.text_model.tasks.catalogue import TASKS
from vendors.text_model.tasks.task import Task, question_for

__all__ = ["TASKS", "Task", "question_for"]
