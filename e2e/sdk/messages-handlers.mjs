// The two ways in which an app's message handler can reach the relay.
import WebSocket from 'ws';

/** Over the path of Fireblocks' own demo backend. */
export function overHttp({ relay, deviceId, token }) {
  return {
    async handleOutgoingMessage(message) {
      const answer = await fetch(`${relay}/api/devices/${deviceId}/rpc`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
      });
      if (!answer.ok) {
        throw new Error(`the relay answered ${answer.status}: ${await answer.text()}`);
      }
      return answer.json();
    },
    close() {},
  };
}

/** Over the relay's WebSocket, many calls on one connection. */
export async function overWebSocket({ relay, deviceId, token }) {
  const socket = new WebSocket(`${relay.replace(/^http/, 'ws')}/v1/devices/${deviceId}/ws`, 'ncw.relay.v1+json', {
    headers: { authorization: `Bearer ${token}` },
  });
  const waiting = new Map();
  await new Promise((opened, failed) => socket.once('open', opened).once('error', failed));
  socket.send(JSON.stringify({ type: 'hello' }));
  socket.on('message', (text) => {
    const said = JSON.parse(text);
    const { resolve, reject } = waiting.get(said.id) ?? {};
    waiting.delete(said.id);
    if (said.type === 'rpc_result') {
      resolve(JSON.parse(said.body));
    } else if (said.type === 'rpc_error') {
      reject(new Error(`the relay answered ${said.status}: ${said.detail}`));
    }
  });
  return {
    handleOutgoingMessage(message) {
      const id = crypto.randomUUID();
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        socket.send(JSON.stringify({ type: 'rpc', id, message }));
      });
    },
    close: () => socket.close(),
  };
}
