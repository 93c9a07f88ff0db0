//! The object's sockets by connection id, and what is kept with each.

use std::collections::BTreeMap;

use earshot_space::ConnectionId;
use wasm_bindgen::{JsCast, JsValue};
use worker::worker_sys::ext::WebSocketExt;
use worker::{Error, Result, State, WebSocket, js_sys, web_sys};

/// Ready state of a socket that can still be sent to.
const OPEN: u16 = 1;

#[derive(Default)]
pub struct Sockets {
    by_id: BTreeMap<ConnectionId, WebSocket>,
    next_id: u64,
}

impl Sockets {
    /// All sockets that survived, by their tags.
    pub fn restore(state: &State) -> Self {
        let tagged =
            state.get_websockets().into_iter().filter_map(|socket| Some((connection_of(state, &socket)?, socket)));
        let by_id: BTreeMap<_, _> = tagged.collect();
        let next_id = by_id.last_key_value().map_or(1, |(id, _)| id.0 + 1);
        Self { by_id, next_id }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.by_id.len()
    }

    /// What is kept with each socket.
    pub fn records(&self) -> Vec<(ConnectionId, Vec<u8>)> {
        self.by_id.iter().map(|(&id, socket)| (id, record_of(socket))).collect()
    }

    /// Takes a new socket in, to hibernate with the object.
    pub fn accept(&mut self, state: &State, socket: WebSocket) -> ConnectionId {
        let id = ConnectionId(self.next_id);
        self.next_id += 1;
        state.accept_websocket_with_tags(&socket, &[&id.0.to_string()]);
        self.by_id.insert(id, socket);
        id
    }

    /// Sends one frame to many; the bytes are handed over to JavaScript once. Returns those that could not be sent to.
    pub fn send(&self, to: &[ConnectionId], frame: &[u8]) -> Vec<ConnectionId> {
        let bytes = js_sys::Uint8Array::from(frame);
        let fails = |id: &&ConnectionId| {
            self.by_id.get(id).is_some_and(|socket| raw(socket).send_with_js_u8_array(&bytes).is_err())
        };
        to.iter().filter(fails).copied().collect()
    }

    /// Keeps a record with a socket, in place of the last.
    pub fn save(&self, id: ConnectionId, record: &[u8]) -> Result<()> {
        let Some(socket) = self.by_id.get(&id) else { return Ok(()) };
        let value: JsValue = js_sys::Uint8Array::from(record).into();
        raw(socket).serialize_attachment(value).map_err(Error::from)
    }

    /// Closes a socket and forgets it.
    pub fn close(&mut self, id: ConnectionId, code: u16) {
        if let Some(socket) = self.by_id.remove(&id) {
            let _already_closed = socket.close(Some(code), Some(""));
        }
    }

    /// Forgets a socket that is closed.
    pub fn forget(&mut self, id: ConnectionId) {
        self.by_id.remove(&id);
    }

    /// Takes out all sockets that are closed without a word.
    pub fn take_dead(&mut self) -> Vec<ConnectionId> {
        let dead: Vec<_> =
            self.by_id.iter().filter(|(_, socket)| raw(socket).ready_state() > OPEN).map(|(&id, _)| id).collect();
        for id in &dead {
            self.by_id.remove(id);
        }
        dead
    }
}

/// A socket's connection id: its only tag.
pub fn connection_of(state: &State, socket: &WebSocket) -> Option<ConnectionId> {
    state.get_tags(socket).first().and_then(|tag| tag.parse().ok()).map(ConnectionId)
}

/// What is kept with a socket; empty for nothing.
pub fn record_of(socket: &WebSocket) -> Vec<u8> {
    let value = raw(socket).deserialize_attachment().unwrap_or(JsValue::NULL);
    value.dyn_ref::<js_sys::Uint8Array>().map(js_sys::Uint8Array::to_vec).unwrap_or_default()
}

fn raw(socket: &WebSocket) -> &web_sys::WebSocket {
    socket.as_ref()
}
