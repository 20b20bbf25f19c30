/**
 * What to move ({@code TransferSpec}), what can move it ({@code Providers}), and in which order ({@code OrderTable}).
 * {@code Planner} joins the three for one pair of ends. It opens nothing and moves nothing.
 */
package io.zerocopy.internal.plan;
