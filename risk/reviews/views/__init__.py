"""The pages of a review: the list, the case with its decision, panels elsewhere, the approval sheet."""
