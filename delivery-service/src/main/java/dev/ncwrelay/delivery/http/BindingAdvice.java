package dev.ncwrelay.delivery.http;

import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/** Binds the components of records only, not their nested properties, whatever a parameter is named. */
@ControllerAdvice
class BindingAdvice {

    @InitBinder
    void bindComponentsOnly(WebDataBinder binder) {
        binder.setDeclarativeBinding(true);
    }
}
