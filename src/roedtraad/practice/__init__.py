"""The record: wishes, assessments, goals, efforts, tasks and notes – the red thread of one citizen."""
