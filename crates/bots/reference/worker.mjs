// The usual design, as a yardstick for `cargo xtask bench movement`: one Durable Object that sends every JSON position it
// gets to everybody, at once. Nothing but the bench uses it.

export class Reference {
	constructor(state) {
		this.state = state;
	}

	async fetch() {
		const [client, server] = Object.values(new WebSocketPair());
		this.state.acceptWebSocket(server);
		return new Response(null, { status: 101, webSocket: client });
	}

	webSocketMessage(sender, message) {
		for (const socket of this.state.getWebSockets()) if (socket !== sender) socket.send(message);
	}

	webSocketClose(socket, code) {
		socket.close(code >= 3000 ? code : 1000);
	}
}

export default {
	fetch: (request, env) => env.REFERENCE.get(env.REFERENCE.idFromName("one")).fetch(request),
};
