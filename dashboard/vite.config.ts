import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// Style sheets stand behind the first picture in the body, so that it is painted before they have come
// over a slow line; in the head they would hold everything back.
const stylesBehindFirstPaint: Plugin = {
  name: 'styles-behind-first-paint',
  transformIndexHtml: {
    order: 'post',
    handler(html) {
      const links = html.match(/<link rel="stylesheet"[^>]*>/g) ?? [];
      const bare = links.reduce((text, link) => text.replace(link, ''), html);
      const early = links.map((link) => link.replace('rel="stylesheet"', 'rel="preload" as="style"'));
      return bare.replace('</head>', `${early.join('')}</head>`).replace('<!-- styles -->', links.join(''));
    },
  },
};

export default defineConfig({
  base: '/dashboard/',
  plugins: [react(), stylesBehindFirstPaint],
  build: {
    target: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    // A picture inside a style sheet would be a data: address, which fonts and scripts may not be.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  // `npm run` is not needed: node_modules/.bin/vite serves the pages while one works on them, against a
  // server of one's own (PATCHBAY_URL).
  server: {
    proxy: Object.fromEntries(
      [
        '/session',
        '/integrated-account',
        '/integration',
        '/environment',
        '/api-token',
        '/log',
        '/approval',
        '/webhook',
        '/activity',
        '/overview',
        '/mcp',
        '/openapi.json',
      ].map((path) => [path, process.env.PATCHBAY_URL ?? 'http://127.0.0.1:8080']),
    ),
  },
});
