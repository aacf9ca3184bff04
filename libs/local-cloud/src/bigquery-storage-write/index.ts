export { startStorageWriteServer } from './storage-write-server.js';
