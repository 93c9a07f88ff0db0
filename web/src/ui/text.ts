// Words every page shares.

export const appText = {
	brand: "Earshot",
	waiting: "One moment…",
	notFound: "Nothing here",
	notFoundHelp: "This page doesn't exist. Perhaps the link was cut short on its way to you.",
	home: "To the entrance",
	spaces: "Spaces",
	profile: "Profile",
	settings: "Settings",
	signIn: "Sign in",
	signOut: "Sign out",
	account: "Your account",
	guest: "Guest",
	tryAgain: "Try again",
	broken: "This part didn't come through",
	brokenHelp: "The connection may be gone, or Earshot was renewed since you opened this page. Opening it anew helps.",
	reload: "Open it anew",
	close: "Close",
	cancel: "Cancel",
	show: "Show",
	hide: "Hide",
};
