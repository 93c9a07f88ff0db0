// All words of the landing page.

export const landingText = {
	brand: "Earshot",
	title: "Come in, the light is on.",
	lead: "Earshot is a small place on the web. Pick a name, put something on, and walk over to people.",
	greet: (name: string) => `Good to see you, ${name}.`,
	greetLead: "Everything is where you left it.",
	nameLabel: "What should people call you?",
	namePlaceholder: "Your name",
	nameMissing: "A name first, then the door opens.",
	walkIn: "Walk in",
	opening: "Opening the door…",
	previous: "Previous look",
	next: "Next look",
	shuffle: "Shuffle",
	avatar: "Your avatar",
	noAccount: "No account needed.",
	signIn: "Sign in",
	spaces: "See spaces",
	profile: "Your profile",
	someoneElse: "Not you? Sign out",
	scene: "",
};
