"""What tests of all houses share. Never imported by product code."""
