"""packetdrill's language against a simulated system, in virtual time.

`script.py` is what a script says, `parser.py` reads it, `runner.py` carries it out,
`subject.py` is the kernel that it is carried out on. Of the language it has what
scripts about the ending of connections need; what it lacks it refuses by name,
at the line and the character. Nothing of a script is ever executed: `%{ }%` goes
to `expression.py`, backticks to `commands.py`.
"""
