"""`python -m roedtraad`: the same as the command."""

from roedtraad.config.cli import main

if __name__ == "__main__":
    main()
