"""What somebody with the application's own database role might try on a complaint, past every service (trust row 31).

Each would move the limit, stop the clock, answer or end without its record, or say who is complained of.
"""

MOVED = """
    due_none = LEAST(received_on + {limit} + {paused}, received_on + longest_days),
    due_forward = GREATEST(due_forward, received_on + longest_days), internal_due = received_on,
    due_on = CASE roll WHEN 'none' THEN LEAST(received_on + {limit} + {paused}, received_on + longest_days)
        ELSE GREATEST(due_forward, received_on + longest_days) END
"""
FORGERIES = {
    "extended": "UPDATE staff_complaint SET extensions = extensions + 1, limit_days = longest_days, "
    + MOVED.format(limit="longest_days", paused="paused_days")
    + " WHERE id = %(pk)s",
    "stopped": "UPDATE staff_complaint SET paused_days = paused_days + 3, "
    + MOVED.format(limit="limit_days", paused="paused_days + 3")
    + " WHERE id = %(pk)s",
    "received later": "UPDATE staff_complaint SET received_at = received_at + interval '5 days', "
    "received_on = received_on + 5, due_none = due_none + 5, due_forward = due_forward + 5, due_on = due_on + 5 "
    "WHERE id = %(pk)s",
    "replied": "UPDATE staff_complaint SET status = 'replied', outcome = 'upheld', replied_at = now() "
    "WHERE id = %(pk)s",
    "closed": "UPDATE staff_complaint SET status = 'closed', outcome = 'upheld', "
    "replied_at = COALESCE(replied_at, now()), closed_at = now() WHERE id = %(pk)s",
    "closed by the handler": "INSERT INTO staff_complaintevent (complaint_id, kind, at, person_id, part, text, data) "
    "VALUES (%(pk)s, 'closed', now(), %(handler)s, 'checker', 'x', '{}')",
    "extension in one go": "INSERT INTO staff_extension (complaint_id, step, days, reason, due_before, "
    "requested_by_id, requested_at, decided_by_id, decided_at, is_approved, decision, checker_part, told_at, told_on, "
    "told_how) SELECT id, LEAST(extensions + 1, 2), longest_days, 'x', due_on, responsible_id, received_at, "
    "created_by_id, received_at, true, 'x', 'checker', received_at, received_on, 'x' FROM staff_complaint "
    "WHERE id = %(pk)s",
    "named by nobody": "UPDATE staff_complaintseat SET tie = 'subject', barred_at = now() WHERE complaint_id = %(pk)s "
    "AND person_id = %(handler)s AND part = 'handler'",
    "claim decided by the handler": "UPDATE staff_complaintclaim SET decided_by_id = %(handler)s, decided_at = now(), "
    "is_confirmed = false, opinion = 'x' WHERE complaint_id = %(pk)s",
    "record removed": "DELETE FROM staff_complaintevent WHERE complaint_id = %(pk)s",
    "record changed": "UPDATE staff_complaintevent SET at = at - interval '9 days' WHERE complaint_id = %(pk)s",
}
