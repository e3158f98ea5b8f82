"""The administrator's pages: users and grants, samples of the log of look-ups, background jobs, API keys."""
