import { serverContract } from './server-contract.js';

serverContract('auto');
