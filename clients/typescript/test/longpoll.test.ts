import { serverContract } from './server-contract.js';

serverContract('longpoll');
