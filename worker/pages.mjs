// What no file answers: an address of the client's own, whose page is the one page there is; or a file that is gone.
//
// The platform could answer all of them with the page by itself. But then a script that is asked for in the middle of a rollout
// would be that page, and be kept for a year, for that is how long scripts are kept.

const FILES = /^\/(assets|art)\//;
const GONE = {
  status: 404,
  headers: {
    'cache-control': 'no-store',
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  },
};

/** The answer, or null for what belongs to the API. */
export function answerPage(request, assets) {
  const url = new URL(request.url);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!assets || !isRead || /^\/(api|ws)\//.test(url.pathname)) return null;
  if (FILES.test(url.pathname)) return new Response('There is no such file.\n', GONE);
  return assets.fetch(new Request(new URL('/', url), { method: request.method }));
}
