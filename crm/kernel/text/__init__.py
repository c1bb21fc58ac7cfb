"""Plain text: search pieces, numbers, amounts in capitals, enumerations and sentences. Imports nothing of ours."""
