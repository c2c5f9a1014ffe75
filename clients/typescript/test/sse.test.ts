import { deliveryContract } from './contract.js';

deliveryContract('sse');
