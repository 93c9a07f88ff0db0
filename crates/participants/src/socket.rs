//! The socket to the space, in a task of its own: media must not wait for it.

use earshot_bots::api::Access;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// What comes of one socket; the number is that of the socket, for words of one before.
#[derive(Debug)]
pub enum FromSocket {
    Opened,
    Frame(Vec<u8>),
    Pong,
    Closed,
}

/// To be sent; the socket closes when this is dropped.
pub type Outbox = mpsc::UnboundedSender<Message>;

/// Opens one. It says how that went, and then all that comes.
pub fn open(access: Access, check_access: bool, number: u64, to: mpsc::UnboundedSender<(u64, FromSocket)>) -> Outbox {
    let (outbox, mut outgoing) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        // Whoever would read it has gone.
        let tell = |what| to.send((number, what)).is_ok();
        if check_access {
            let renewing = access.clone();
            let renewed = tokio::task::spawn_blocking(move || renewing.renew()).await;
            if !matches!(renewed, Ok(Ok(()))) {
                return tell(FromSocket::Closed);
            }
        }
        let Ok(mut socket) = connect(&access).await else { return tell(FromSocket::Closed) };
        tell(FromSocket::Opened);
        loop {
            tokio::select! {
                message = outgoing.recv() => match message {
                    Some(message) => if socket.send(message).await.is_err() { return tell(FromSocket::Closed) },
                    // It was dropped, and wants no word of its end.
                    None => return socket.close(None).await.is_ok(),
                },
                message = socket.next() => {
                    let told = match message {
                        Some(Ok(Message::Binary(frame))) => tell(FromSocket::Frame(frame.to_vec())),
                        Some(Ok(Message::Text(_))) => tell(FromSocket::Pong),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return tell(FromSocket::Closed),
                        Some(Ok(_)) => true,
                    };
                    if !told {
                        return false;
                    }
                }
            }
        }
    });
    outbox
}

async fn connect(access: &Access) -> anyhow::Result<WebSocketStream<MaybeTlsStream<TcpStream>>> {
    let mut request = access.socket_url().into_client_request()?;
    request.headers_mut().insert("authorization", access.bearer().parse()?);
    Ok(connect_async(request).await?.0)
}
