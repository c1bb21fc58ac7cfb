"""Pictures of the calendar: month, week, agenda."""

from tools.shots.page import Page

PAGES = (
    Page("17-calendar-month", "clients:calendar"),
    Page("17-calendar-week", "clients:calendar", query="view=week"),
    Page("17-calendar-agenda", "clients:calendar", query="view=agenda"),
    Page("17-calendar-feed", "clients:calendar_feed"),
)
