"""The rules of the desk, without I/O: teams and their hours, the queue's order, who is offered what."""
