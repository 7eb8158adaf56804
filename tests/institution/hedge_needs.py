"""A need for tests of the planner."""

from datetime import date

DAY = date(2025, 3, 3)
NEED = """name = "Run"
grade = "H100"
location = "US"
[amount]
dollars = 20_000_000
[start]
earliest = 2025-06-01
latest = 2025-10-31
run_days = 30
[[size]]
factor = 1.0
probability = 0.7
[[size]]
factor = 2.0
probability = 0.3
[late]
dollars_a_day = 100_000
[budget]
premium_dollars = 3_000_000
cash_dollars = 8_000_000
[risk]
level = 0.95
"""
OFFERS = """[[offers]]
kind = "physical"
name = "hall 4 in July"
first = "2025-07"
price = 2.4
accelerators = 512
[[offers]]
kind = "capacity"
name = "right to hall 5"
first = "2025-08"
last = "2025-09"
price = 0.2
strike = 2.4
accelerators = 512
"""
