#!/usr/bin/env node
// Here before anything is built, so that an install can link it.
await import('../dist/main.js').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist/main.js')) throw error;
  console.error('The commands are not built yet: npm run build');
  process.exitCode = 1;
});
