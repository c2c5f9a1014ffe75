/**
 * Authentication and authorization: tokens of the issuer, tickets for browsers, allowed origins.
 * {@link DeviceOwnership} lets a user act only for devices registered for that user; {@link TenantBinding} limits who
 * may register devices.
 */
@NullMarked
package dev.ncwrelay.delivery.security;

import org.jspecify.annotations.NullMarked;
