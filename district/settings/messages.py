"""How a setting's own validator says what is wrong."""

# The type of an error whose message is ours, and says more than that the value can't be used.
OUR_MESSAGE = "our_message"
