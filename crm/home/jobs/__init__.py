"""What runs by itself: the periodic jobs with their last runs, and the deliveries."""
