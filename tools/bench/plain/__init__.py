"""The floor: what plain Django needs for the same rows. Its own middleware, session and user, nothing of Sanshen."""
