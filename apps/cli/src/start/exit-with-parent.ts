/**
 * Loaded into each service before its own code (`node --import`): when the process that started it is gone, however it
 * ended, the service shuts down as on SIGTERM. So even `kill -9` of `npm start` leaves no process behind.
 */
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
});
process.channel?.unref();
