import { deliveryContract } from './contract.js';

deliveryContract('websocket');
