import { createServer } from 'node:http';

/** Serves POST /embed on a free port of loopback; `embed` turns texts into vectors. Prints a ready line as ActorEmbed does. */
export function serve(embed) {
  const server = createServer(async (request, response) => {
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { texts } = JSON.parse(Buffer.concat(chunks));
      const body = JSON.stringify({ vectors: await embed(texts) });
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1', () => {
    console.log(JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${server.address().port}`, pid: process.pid }));
  });
}
