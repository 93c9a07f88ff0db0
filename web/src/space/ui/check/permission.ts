// Whether this browser may already use a microphone, so that looking at it asks nothing.

export async function allowedBefore(): Promise<boolean> {
	try {
		const answer = await navigator.permissions.query({ name: "microphone" as PermissionName });
		return answer.state === "granted";
	} catch {
		// Not every browser tells; then it is asked for with a button.
		return false;
	}
}
