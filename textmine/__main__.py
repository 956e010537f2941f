"""`python -m textmine` is the same program as `textmine`."""

from textmine.commands.app import main

if __name__ == "__main__":
    main()
