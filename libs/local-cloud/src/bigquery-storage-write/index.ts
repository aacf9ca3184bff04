export { startStorageWriteServer, type StorageWriteOptions } from './storage-write-server.js';
