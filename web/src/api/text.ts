// Words for failures the server could not describe itself.

export const apiText = {
	offline: "You seem to be offline. Check your connection and try again.",
	unreachable: "Earshot can't be reached right now. Try again in a moment.",
	tooMany: "That was a lot at once. Wait a minute and try again.",
	broken: "Something went wrong on our side. Try again in a moment.",
};
