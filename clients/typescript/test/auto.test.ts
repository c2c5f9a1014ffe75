import { deliveryContract } from './contract.js';

deliveryContract('auto');
