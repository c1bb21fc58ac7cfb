"""What a case says to one person, in parts of one subject each. Page, admin page and paper read the same parts.

`rows.CaseRows` reads the rows, each when it is first asked for; every other part is built from what it needs.
`page.CasePage` puts them together.
"""
