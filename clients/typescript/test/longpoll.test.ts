import { deliveryContract } from './contract.js';

deliveryContract('longpoll');
